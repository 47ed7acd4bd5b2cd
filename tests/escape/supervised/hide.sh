# Makes a workspace with hidden names in it: hide.sh DIR
set -e
mkdir -p "$1"; cd "$1"; git init -q .
mkdir -p deep/a/b '[x]/*' pkg .env.d config new /tmp/stockade-hide.$(id -u)
for f in .env deep/a/b/.env.local '[x]/*/.env' pkg/.ENV.Production /tmp/stockade-hide.$(id -u)/.env .env.d/inner config/master.key; do echo SECRET=1 > "$f"; done
for d in . deep/a/b '[x]/*' pkg .env.d /tmp/stockade-hide.$(id -u); do echo TEMPLATE=1 > "$d/.env.example"; done
echo plain > plain; ln .env twin-of-env
mkdir vault; echo SECRET=1 > vault/real; echo plain > vault/other; ln -s vault/real .env.behind; ln -s /usr .env.usr
