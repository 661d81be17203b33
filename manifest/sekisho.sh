#!/bin/sh
# The sekisho command of the private environment.
exec @python@ -I -m sekisho "$@"
