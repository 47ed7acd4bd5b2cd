# Makes a workspace with protected things in it: setup.sh DIR
set -e
rm -rf "$1"; mkdir -p "$1/ws" "$1/outside"; cd "$1/ws"
git init -q repo; git -C repo config core.fsmonitor false; git -C repo config core.hooksPath .git/hooks
echo hook > repo/.git/hooks/pre-push; chmod 755 repo/.git/hooks/pre-push
git init -q vendor/sub; mkdir -p .vscode .claude .idea; echo '{}' > .vscode/settings.json; echo '{}' > .claude/settings.json
echo x > .envrc; echo o > ../outside/file; mkdir -p plain/dir; echo p > plain/file
(cd repo; git config user.email a@b; git config user.name n; git commit -q --allow-empty -m 0; git worktree add -q ../linked 2>/dev/null)
