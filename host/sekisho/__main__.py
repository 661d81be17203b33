"""python -m sekisho"""

from sekisho.cli import program

if __name__ == "__main__":  # a process of a scan imports this, too, under another name
    program()
