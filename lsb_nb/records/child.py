"""The contained process that parses spreadsheets: limits itself, then serves one file after another.

Started as ``python -I -S child.py SITE`` where SITE holds python_calamine. Kept tiny: a script is compiled at every
start, the modules it imports are not.
"""

import os
import sys

sys.path += [os.path.dirname(os.path.abspath(__file__)), sys.argv[1]]

import parse  # type: ignore[import-not-found]

parse.serve(sys.stdin.buffer, sys.stdout.buffer)
sys.stdout.flush()
os._exit(0)
