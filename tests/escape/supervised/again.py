# What the run made is gone, and its inode number is given to what the person has: it is not of the run by that.
import os, shutil, sys
os.mkdir('mine'); os.mkdir('mine/.git')
open('mine/.git/HEAD', 'w').write('ref: refs/heads/x\n')
for _ in range(40):
    open('mine/.git/HEAD.lock', 'w').write('ref: refs/heads/x\n'); os.rename('mine/.git/HEAD.lock', 'mine/.git/HEAD')
for _ in range(8):
    os.makedirs('away/.claude'); os.makedirs('node_modules', exist_ok=True)
    os.rename('away', 'node_modules/away'); os.rmdir('node_modules/away/.claude'); os.rmdir('node_modules/away')
for _ in range(40):
    content = open('.git/config').read()
    open('.git/config.lock', 'w').write(content); os.rename('.git/config.lock', '.git/config')
    for attempt in [lambda: os.unlink('.git/config'), lambda: os.unlink('.git/HEAD')]:
        try: attempt(); sys.exit('removed')
        except PermissionError: pass
# What it made and has kept is the run's all the same.
shutil.rmtree('mine'); print('twin passes')
