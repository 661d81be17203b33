#!/bin/sh
# Started by Thunderbird with the manifest and the extension as arguments. install.py fills in the interpreter.
# Neither runpy nor a console script stands in between: both would cost time at every start.
exec @python@ -I -c 'import sys; from sekisho.native import main; sys.exit(main())' "$@"
