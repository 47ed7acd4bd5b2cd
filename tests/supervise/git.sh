set -x
git init -q a && cd a && git config user.name me && git config user.email me@x && echo 1 > f && git add f && git commit -qm 1 || exit 1
git checkout -qb b && echo 2 > f && git commit -qam 2 && git checkout -q master && echo x > g && git add g && git commit -qm g && git rebase -q b master && git log --oneline | wc -l
echo dirty >> f && git stash -q && git stash pop -q && git checkout -q f || exit 2
git worktree add -q ../wt -b wt && cat ../wt/.git && (cd ../wt && git status --short && echo w > w && git add w && git commit -qm w) || exit 3
git worktree list; git worktree remove ../wt || exit 4
cd .. && git clone -q a c && (cd c && git fetch -q && git pull -q && git remote -v && git remote rename origin up && git branch -vv) || exit 5
git init -q s && cd s && git config user.name me && git config user.email me@x && git -c protocol.file.allow=always submodule add -q ../a sub/a && git commit -qm sub && git submodule status && cat sub/a/.git || exit 6
cd .. && git -c protocol.file.allow=always clone -q --recurse-submodules s s2 && (cd s2 && git submodule status && cd sub/a && git log --oneline | head -1) || exit 7
cd s; git gc -q; git repack -adq; git tag v1; git branch x; git branch -m x y; git branch -d y; cd ..
git config -f a/.git/config core.fsmonitor /tmp/x && echo ARMED
(cd a; git config core.hooksPath /tmp; git config alias.x '!id'; git config filter.x.clean id; cat .git/config)
rm -rf a c s s2; ls -la
