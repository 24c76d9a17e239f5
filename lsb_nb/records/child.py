"""The contained process: serves one file after another through the module it is told, which limits itself first.

Started as ``python -I -S child.py MODULE SITE…`` where each SITE holds libraries. Kept tiny: a script is compiled at
every start, the modules it imports are not.
"""

import os
import sys

sys.path += [os.path.dirname(os.path.abspath(__file__)), *sys.argv[2:]]

__import__(sys.argv[1]).serve(sys.stdin.buffer, sys.stdout.buffer)
sys.stdout.flush()
os._exit(0)
