#!/usr/bin/perl
# SpamAssassin as Debian installs it, local tests only, without what it would learn, in one process: a mail a line on standard input
# ("FILE<tab>ADDRESS ADDRESS ...": the reader's own servers, if they are told), "FILE<tab>score<tab>ms" on standard output.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Mail::SpamAssassin;
use Time::HiRes qw(clock);

my $home = tempdir(CLEANUP => 1);
my $checker = Mail::SpamAssassin->new({
    local_tests_only   => 1,
    dont_copy_prefs    => 1,
    userprefs_filename => "$home/none",
    userstate_dir      => $home,
    home_dir_for_helpers => $home,
    post_config_text   => "use_bayes 0\nuse_auto_whitelist 0\n",
});
$checker->init(0);
my $conf = $checker->{conf};
$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    my ($path, $told) = split /\t/, $line, 2;
    open(my $file, '<:raw', $path) or die "$path: $!";
    my $source = do { local $/; <$file> };
    close $file;
    if (defined $told) {
        for my $kind ('trusted_networks', 'internal_networks') {
            $conf->{$kind} = $conf->new_netset($kind, 1);
            $conf->{$kind}->add_cidr($_) for split / /, $told;
            $conf->{"${kind}_configured"} = 1;
        }
    }
    my $begun = clock();
    my $mail = $checker->parse($source, 1);
    my $status = $checker->check($mail);
    my $score = $status->get_score();
    $status->finish();
    $mail->finish();
    printf "%s\t%s\t%.1f\n", $path, $score, 1000 * (clock() - $begun);
}
