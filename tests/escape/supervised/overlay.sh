# Promises on an overlay file system, in a mount namespace of its own: overlay.sh STOCKADE UID GID. Says "right", or what is wrong.
set -e
stockade=$1 uid=$2 gid=$3 home=$PWD
mkdir -p layers merged && mount -t tmpfs none layers && cd layers && mkdir lower upper work
git init -q lower; mkdir lower/.vscode lower/deep; echo '{}' > lower/.vscode/tasks.json; echo hook > lower/.git/hooks/pre-push
echo SECRET=1 > lower/.env; echo plain > lower/deep/plain; ln -s ../../secret lower/link; ln -s /etc lower/etc; ln -s .git lower/g
chown -hR "$uid:$gid" lower upper
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none "$home/merged"
cd "$home/merged"; ln -s "$(dirname "$home")/secret" upper-link; chown -h "$uid:$gid" upper-link
[ "$(stat -c %u . upper-link .git/hooks/pre-push | uniq)" = "$uid" ]
cat > try.py <<'EOF'
import os, sys
def refused(what, attempt):
    try: attempt()
    except OSError: return
    sys.exit('won: ' + what)
def write(path): open(path, 'w').write('evil')
for path in ['.vscode/tasks.json', '.vscode/new', '.git/hooks/pre-push', '.git/hooks/pre-commit', '.git/config', 'g/config', 'link', 'upper-link',
             'etc/stockade-was-here', 'deep/.vscode', 'deep/.envrc']: refused('write ' + path, lambda: write(path))
for path in ['link', 'upper-link', 'etc/shadow', '.env']: refused('read ' + path, lambda: open(path).read())
for path in ['.git', '.vscode', '.git/hooks', '.env']: refused('rename ' + path, lambda: os.rename(path, 'aside'))
for path in ['.vscode/tasks.json', '.git/config', '.env']:
    refused('remove ' + path, lambda: os.unlink(path)); refused('link ' + path, lambda: os.link(path, 'twin'))
for path in ['.vscode/tasks.json', '.git/hooks/pre-push', '.env']: refused('chmod ' + path, lambda: os.chmod(path, 0o777))
write('deep/plain'); os.rename('deep/plain', 'deep/moved'); os.chmod('deep/moved', 0o600); os.unlink('deep/moved'); os.mkdir('deep/new'); write('deep/new/f')
assert open('.vscode/tasks.json').read() == '{}\n' and not os.system('git status -s > status && git add deep && git -c user.name=n -c user.email=a@b commit -qm c')
print('right')
EOF
printf 'about = "x"\nextends = "dev-box"\n[files]\nhide = [".env"]\n' > "$home/overlay.toml"
as=(setpriv --reuid "$uid" --regid "$gid" --clear-groups --)
[ "$uid" != 0 ] || as=()
"${as[@]}" "$stockade" run -q --profile "$home/overlay.toml" --workspace "$home/merged" -- python3 try.py
cd "$home"; cmp -s merged/.vscode/tasks.json layers/lower/.vscode/tasks.json; test ! -e layers/upper/.vscode
