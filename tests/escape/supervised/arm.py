# Ways to have the person's next git run a program, which a review found: arm.py TRICK. Each leaves a
# directory in which bare git would make the file ARMED.
import os, subprocess, sys

def write(path, text):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w') as f: f.write(text)

def repository(path, tree):
    os.makedirs(path + '/objects', exist_ok=True); os.makedirs(path + '/refs', exist_ok=True)
    write(path + '/HEAD', 'ref: refs/heads/main\n')
    write(path + '/config', '[core]\n\trepositoryformatversion = 0\n\tbare = false\n'
          f'\tworktree = {tree}\n\tfsmonitor = "touch ARMED; false"\n')

def worktree():
    """A directory for a linked worktree, which git takes for a repository."""
    repository('.git/worktrees/evil', '../../../there')
    write('there/.git', 'gitdir: ../.git/worktrees/evil\n')

def existing_worktree():
    """The same out of one that is there."""
    os.unlink('.git/worktrees/tree/commondir')
    subprocess.run(['cp', '-r', '.git/objects', '.git/refs', '.git/worktrees/tree'], check=True)
    repository('.git/worktrees/tree', '../../../tree')

def unseen():
    """A repository where only content is looked for."""
    repository('.git/modules/x/lfs/y', '../../../../../there')
    write('there/.git', 'gitdir: ../.git/modules/x/lfs/y\n')

def headless():
    """A repository in the place of the one that is broken."""
    os.rename('.git/HEAD', '.git/HEAD.off')
    repository('.', '.')

def from_outside():
    """A repository made where names mean nothing, and moved in."""
    subprocess.run(['git', 'init', '-q', sys.argv[2]], check=True)
    with open(sys.argv[2] + '/.git/config', 'a') as f: f.write('\tfsmonitor = "touch ARMED; false"\n')
    os.rename(sys.argv[2], 'there')

globals()[sys.argv[1]]()
write('after', 'one more held call')
