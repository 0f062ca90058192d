#!/bin/sh
# What docker-compose.yml needs beside it: .env, and secrets that nobody knows. What is there already stays.
set -eu
cd "${1:-$(dirname "$0")/..}"
umask 022 # each file is mounted by itself and read there by user 10001; the folder lets nobody else of this machine in
mkdir -p config
mkdir -p -m 700 secrets
[ -e .env ] || cp .env.example .env

keep() { # keep FILE COMMAND…: its output, written at once or not at all
    [ -e "secrets/$1" ] && return
    file=secrets/$1
    shift
    "$@" >"$file.new"
    mv "$file.new" "$file"
}
random() { openssl rand -hex 24 | tr -d '\n'; }
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; }
certificate() { openssl req -x509 -new -key secrets/exchange_key -days 3650 -utf8 -subj "/CN=Trục Chung (dữ liệu mẫu)"; }
broker() { printf 'default_user = truc_chung\ndefault_pass = %s\ndefault_vhost = truc_chung\n' "$(random)"; }
broker_uri() {
    password=$(sed -n 's/^default_pass = //p' secrets/rabbitmq.conf)
    printf 'pyamqp://truc_chung:%s@rabbitmq:5672/truc_chung\n' "$password"
}

keep rabbitmq.conf broker
keep amqp_uri broker_uri
keep issuer_key key
keep payment_secret random
keep sign_in_citizens true # empty: PKCE alone
keep sign_in_officers true
keep probe_secret random
keep janus_admin_secret random
keep janus_room_key random
keep exchange_key key
keep exchange_certificate certificate
keep smtp_password true # empty: none
keep returned_password true
