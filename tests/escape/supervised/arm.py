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

def unarmed(path):
    """A repository that is guarded and says nothing of harm."""
    os.makedirs(path + '/objects'); os.makedirs(path + '/refs')
    write(path + '/HEAD', 'ref: refs/heads/main\n')
    write(path + '/config.lock', '[core]\n\trepositoryformatversion = 0\n\tbare = false\n')
    os.rename(path + '/config.lock', path + '/config')

def replaced():
    """A pointer to a repository, in whose place a link to another one comes."""
    unarmed('r2/.git/modules/x')
    write('there/.git', 'gitdir: ../r2/.git/modules/x\n')
    write('between', 'so that the pointer is in place'); open('there/.git').close()
    os.rename('r2', 'r3')
    repository(sys.argv[2] + '/.git/modules/x', os.path.abspath('there'))
    os.symlink(sys.argv[2], 'r2')

def replaced_above():
    """The same, one directory further up, and the link arrives in a directory that is moved."""
    unarmed('p/r2/.git/modules/x')
    write('there/.git', 'gitdir: ../p/r2/.git/modules/x\n')
    write('between', 'so that the pointer is in place'); open('there/.git').close()
    os.rename('p', 'p2')
    repository(sys.argv[2] + '/.git/modules/x', os.path.abspath('there'))
    os.mkdir('q'); os.symlink(sys.argv[2], 'q/r2'); os.rename('q', 'p')

def around():
    """A pointer that goes through a directory and up again."""
    unarmed('r2/.git/modules/x'); os.mkdir('r2/a')
    write('there/.git', 'gitdir: ../r2/a/../.git/modules/x\n')
    write('between', 'so that the pointer is in place'); open('there/.git').close()
    repository(sys.argv[2] + '/.git/modules/x', os.path.abspath('there')); os.mkdir(sys.argv[2] + '/b')
    os.rmdir('r2/a'); os.symlink(sys.argv[2] + '/b', 'r2/a')

def carried():
    """A pointer carried to where its words lead elsewhere."""
    unarmed('a/r2/.git/modules/x')
    write('a/there/.git', 'gitdir: ../r2/.git/modules/x\n')
    write('between', 'so that the pointer is in place'); open('a/there/.git').close()
    repository(sys.argv[2] + '/.git/modules/x', os.path.abspath('there'))
    os.symlink(sys.argv[2], 'r2')
    os.rmdir('there'); os.rename('a/there', 'there')

def carried_unwritable():
    """The same in a directory that cannot be written while it moves."""
    unarmed('a/r2/.git/modules/x')
    write('a/there/in/.git', 'gitdir: ../../r2/.git/modules/x\n')
    write('between', 'so that the pointer is in place'); open('a/there/in/.git').close()
    repository(sys.argv[2] + '/.git/modules/x', os.path.abspath('there/in'))
    os.symlink(sys.argv[2], 'r2')
    os.chmod('a/there/in', 0o555); os.rmdir('there')
    try: os.rename('a/there', 'there')
    finally: os.path.isdir('there/in') and os.chmod('there/in', 0o755)

def embedded():
    """A directory that is itself a repository, without a name that says so."""
    repository('there', '.')

def embedded_late():
    """The same, completed by renaming."""
    repository('x', '.'); os.rename('x/HEAD', 'x/H'); os.rmdir('there'); os.rename('x', 'there'); os.rename('there/H', 'there/HEAD')

def embedded_after():
    """One that is complete first, and armed afterwards."""
    os.makedirs('there/objects'); os.makedirs('there/refs'); write('there/HEAD', 'ref: refs/heads/main\n')
    repository('there', '.')

def embedded_common():
    """One whose settings lie elsewhere."""
    repository(sys.argv[2], os.path.abspath('there'))
    write('there/commondir', sys.argv[2] + '\n'); write('there/HEAD', 'ref: refs/heads/main\n')

def embedded_there():
    """One that the person has."""
    text = open('bare/config').read().replace('bare = true', 'bare = false\n\tworktree = .')
    write('bare/config', text + '\tfsmonitor = "touch ARMED; false"\n')

def embedded_moved():
    """The same, moved out of the way, and another in its place."""
    os.rename('bare', 'elsewhere'); repository('bare', '.')

def linked_hooks():
    """Hooks that the person keeps in the workspace, by a setting of his."""
    write('hooks/post-index-change', '#!/bin/sh\ntouch ARMED\n'); os.chmod('hooks/post-index-change', 0o755)
    # so that the person's git has something to write down
    os.utime('own', (1, 1))

def twin():
    """Configuration by another name that it had before."""
    with open('twin', 'a') as f: f.write('[core]\n\tfsmonitor = "touch ARMED; false"\n')

def separate():
    """The repository that a pointer of the person's leads to, which has another name."""
    with open('store/config', 'a') as f: f.write('[core]\n\tfsmonitor = "touch ARMED; false"\n')

OUT = sys.argv[2]
def outward():
    """A directory put aside, and a link to one outside in its place, which lies in a repository."""
    os.makedirs(OUT + '/src'); repository(OUT + '/.git', OUT + '/src')
    os.rename('there', 'aside'); os.symlink(OUT + '/src', 'there')

def outward_late():
    """The same, the repository last."""
    os.makedirs(OUT + '/src'); os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/src/.git', OUT + '/src')

def outward_beside():
    """The same, beside the place that the link leads to."""
    os.makedirs(OUT + '/src'); os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/.git', OUT + '/src')

def outward_bare():
    """One without a name that says so."""
    os.makedirs(OUT + '/src'); os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/src', OUT + '/src')

def outward_dangling():
    """A link to nothing, which comes later."""
    os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/src/.git', OUT + '/src')

def outward_moved():
    """Another directory moved to where the link leads."""
    os.makedirs(OUT + '/src'); os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/evil/.git', OUT + '/src'); os.rename(OUT + '/src', OUT + '/old'); os.rename(OUT + '/evil', OUT + '/src')

def outward_above():
    """The same one directory further up."""
    os.makedirs(OUT + '/a/src'); os.rmdir('there'); os.symlink(OUT + '/a/src', 'there')
    repository(OUT + '/b/src/.git', OUT + '/a/src'); os.rename(OUT + '/a', OUT + '/old'); os.rename(OUT + '/b', OUT + '/a')

def outward_linked():
    """Another link put where the link leads."""
    os.makedirs(OUT + '/src'); os.rmdir('there'); os.symlink(OUT + '/src', 'there')
    repository(OUT + '/evil/.git', OUT + '/evil'); os.rmdir(OUT + '/src'); os.symlink('evil', OUT + '/src')

def outward_by_link():
    """By way of a link outside that is replaced."""
    os.makedirs(OUT + '/empty'); os.symlink('empty', OUT + '/l'); os.rmdir('there'); os.symlink(OUT + '/l', 'there')
    repository(OUT + '/evil/.git', OUT + '/evil'); os.unlink(OUT + '/l'); os.symlink('evil', OUT + '/l')

def outward_shut():
    """By way of a directory that cannot be looked into for a while."""
    os.makedirs(OUT + '/d'); repository(OUT + '/evil/.git', OUT + '/evil'); os.symlink('../evil', OUT + '/d/l')
    os.chmod(OUT + '/d', 0); os.rmdir('there')
    try: os.symlink(OUT + '/d/l', 'there')
    finally: os.chmod(OUT + '/d', 0o755)

def outward_relative():
    """A link that leads out once it lies elsewhere."""
    words = os.path.relpath(OUT + '/src', '.'); deep = '/'.join(['d'] * words.count('..'))
    repository(OUT + '/src/.git', OUT + '/src'); os.makedirs(deep); os.symlink(words, deep + '/l')
    os.rmdir('there'); os.rename(deep + '/l', 'there')

def outward_carried():
    """The same in a directory that is moved."""
    words = '../' + os.path.relpath(OUT + '/src', '.'); deep = '/'.join(['d'] * words.count('..'))
    repository(OUT + '/src/.git', OUT + '/src'); os.makedirs(deep + '/x'); os.symlink(words, deep + '/x/in')
    os.rmdir('there'); os.rename(deep + '/x', 'there')

def outward_hard():
    """A second name for a link that lies outside."""
    repository(OUT + '/src/.git', OUT + '/src'); os.symlink(OUT + '/src', OUT + '/l')
    os.rmdir('there'); os.link(OUT + '/l', 'there', follow_symlinks=False)

def outward_around():
    """A link that goes through a directory and up, which a link then replaces."""
    os.makedirs(OUT + '/src/d'); os.mkdir('m'); os.mkdir('m/n'); os.mkdir('q')
    os.rmdir('there'); os.symlink('m/n/../../q', 'there')
    repository(OUT + '/q/.git', OUT + '/q'); os.rmdir('m/n'); os.symlink(OUT + '/src/d', 'm/n')

globals()[sys.argv[1]]()
write('after', 'one more held call')
