@echo off
rem Started by Thunderbird with the manifest and the extension as arguments. install.py fills in the environment's name;
rem the path comes from this file's own place, so that no character of it depends on the code page.
"%~dp0@environment@\Scripts\python.exe" -I -c "import sys; from sekisho.native import main; sys.exit(main())" %*
