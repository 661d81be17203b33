@echo off
rem The sekisho command of the private environment.
"%~dp0..\@environment@\Scripts\python.exe" -I -m sekisho %*
