#!/bin/sh
# Prepares a clone for work and asks nothing: `setup.sh python` makes .venv, `setup.sh broker` provides RabbitMQ,
# `setup.sh judges` the programs that tests ask for a second opinion, `setup.sh mail` the servers of real mailboxes.
# Debian 12 is the reference. As root it installs what is missing; otherwise it names the command to run.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .local/log
log=.local/log/setup.log
exec 9>.local/setup.lock
flock 9

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

fail() {
    printf '\nSet-up stopped: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# Runs a command whose output only matters when it fails.
quietly() {
    what=$1
    shift
    echo "\$ $*" >>"$log"
    "$@" >>"$log" 2>&1 </dev/null || fail "$what" "The last lines of $log:" "$(tail -n 15 "$log")"
}

# Installs Debian packages, or says which command a person has to run.
install_packages() {
    why=$1
    shift
    command -v apt-get >/dev/null || fail "$why" "This system has no apt-get: please install the equivalent of: $*"
    [ "$(id -u)" = 0 ] || fail "$why" "Please run this once, then repeat your command:" \
        "sudo apt-get update && sudo apt-get install --no-install-recommends -y $*"
    say "$why Installing the Debian packages $*"
    export DEBIAN_FRONTEND=noninteractive
    quietly "the package lists could not be fetched" apt-get -o DPkg::Lock::Timeout=300 update
    quietly "the packages $* could not be installed" \
        apt-get -o DPkg::Lock::Timeout=300 install --no-install-recommends -y "$@"
}

find_python() {
    for candidate in python3.11 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

make_venv() {
    find_python || install_packages "Python 3.11 is missing." python3 python3-venv
    find_python || fail "Python 3.11 is missing" "The packages of this system brought another version of Python."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        install_packages "The Python module venv is missing." python3-venv
    say "Making the Python environment .venv"
    quietly "the Python environment could not be made" "$python" -m venv --clear .venv
}

# The only versions are those in requirements.lock, uv's own among them.
install_requirements() {
    say "Installing the Python packages of requirements.lock (a minute or two on a new machine)"
    sed -n '/^uv==/,/^ *# via/p' requirements.lock >.local/uv.lock
    quietly "uv could not be installed" .venv/bin/python -m pip install --disable-pip-version-check \
        --require-hashes -r .local/uv.lock
    ask_the_same_index
    quietly "the Python packages could not be installed" .venv/bin/uv pip sync --python .venv/bin/python \
        --require-hashes --link-mode copy --compile-bytecode requirements.lock
}

# uv does not read pip's configuration.
ask_the_same_index() {
    if index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null); then export UV_DEFAULT_INDEX="$index"; fi
}

# The mongod of the Python package is linked against the system's libcurl and OpenSSL.
check_mongod() {
    mongod=$(echo .venv/lib/python3.11/site-packages/fiftyone/db/bin/mongod)
    [ -n "${MONGO_URI:-}" ] && return
    if ldd "$mongod" | grep -q 'not found'; then
        install_packages "MongoDB needs libraries that are missing." libcurl4 libssl3
    fi
    quietly "MongoDB does not run on this machine" "$mongod" --version
}

prepare_python() {
    started=$(date +%s)
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || make_venv
    install_requirements
    check_mongod
    say "The Python environment is ready ($(($(date +%s) - started)) s)"
    touch .venv/ready
}

# Tests of signatures ask xmlsec1, those of invitations libical, those of pages look at them in Chromium; those of
# replicas put HAProxy before them, those of alert rules ask promtool, which comes with Prometheus, those of lines make
# networks and spoil them, those of rooms run a Janus, those of a whole meeting look at its papers with pdftoppm.
# Without these, and without root, all other tests still run and those name the command.
prepare_judges() {
    install_checkov
    install_html_validate
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 0; fi
    if command -v xmlsec1 >/dev/null && command -v chromium >/dev/null && [ -x /usr/sbin/haproxy ] &&
        command -v promtool >/dev/null && command -v janus >/dev/null && command -v pdftoppm >/dev/null &&
        [ -x /usr/sbin/nft ] && command -v ip >/dev/null &&
        dpkg -s gir1.2-ical-3.0 python3-gi python3-caldav >/dev/null 2>&1; then return 0; fi
    forbid_service_start
    install_packages "xmlsec1, libical, python3-caldav, Chromium, HAProxy, promtool, Janus, poppler or nftables, our judges, are missing." \
        xmlsec1 gir1.2-ical-3.0 python3-gi python3-caldav chromium fonts-dejavu-core haproxy prometheus janus poppler-utils nftables iproute2
    if command -v systemctl >/dev/null; then systemctl --quiet disable haproxy prometheus janus || true; fi
}

# checkov judges k8s/ and the Dockerfile. It wants other versions of what we use, so it has a place of its own, which
# only tests need. An interrupted installation is begun anew: its lock is copied last.
install_checkov() {
    place=.local/checkov
    if cmp -s local/checkov.lock "$place/installed.lock"; then return 0; fi
    started=$(date +%s)
    ask_the_same_index
    quietly "the place of checkov could not be made" .venv/bin/uv venv --clear --python .venv/bin/python "$place"
    quietly "checkov could not be installed" .venv/bin/uv pip sync --python "$place/bin/python" --require-hashes \
        --link-mode copy --compile-bytecode local/checkov.lock
    cp local/checkov.lock "$place/installed.lock"
    say "checkov, which judges k8s/ and the Dockerfile, is installed ($(($(date +%s) - started)) s)"
}

# html-validate judges the HTML of pages. It runs on Node, which nothing else here needs, in a place of its own. A machine
# that cannot have it does without: its test then names the command.
install_html_validate() {
    place=.local/html-validate
    lock=local/html-validate/package-lock.json
    if cmp -s "$lock" "$place/installed.lock"; then return 0; fi
    if ! command -v npm >/dev/null; then
        if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 0; fi
        (install_packages "Node, on which html-validate judges pages, is missing." nodejs npm) || return 0
    fi
    mkdir -p "$place"
    cp "$lock" local/html-validate/package.json "$place/"
    if (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund) >>"$log" 2>&1 </dev/null; then
        cp "$lock" "$place/installed.lock"
        say "html-validate, which judges the HTML of pages, is installed"
    else
        say "html-validate could not be installed, so its test will fail (see $log)"
    fi
}

# Postfix and Dovecot for real mailboxes. Without them, and without root, the platform runs without mail delivery and
# says so; it never stops because of them. Their own services must not run: private ones are started from the programs.
prepare_mail() {
    packages="postfix postfix-sqlite dovecot-core dovecot-imapd dovecot-lmtpd dovecot-managesieved dovecot-sieve \
dovecot-sqlite"
    if [ -x /usr/lib/postfix/sbin/master ] && [ -e /usr/lib/postfix/postfix-sqlite.so ] &&
        [ -e /usr/lib/dovecot/managesieve ] && [ -e /usr/lib/dovecot/modules/auth/libdriver_sqlite.so ]; then return 0; fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 0; fi
    forbid_service_start
    # shellcheck disable=SC2086 # a list of packages
    (install_packages "Postfix and Dovecot, for real mailboxes, are missing." $packages) ||
        say "The platform will run without mail delivery"
    if command -v systemctl >/dev/null; then systemctl --quiet disable postfix dovecot || true; fi
}

# A private node is started from the package's files; the system's own service must never run.
prepare_broker() {
    [ -n "${AMQP_URI:-}" ] && return
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && return
    if [ "$(id -u)" = 0 ]; then forbid_service_start; fi
    install_packages "RabbitMQ is missing (a real server can be used instead: set AMQP_URI)." rabbitmq-server
    if command -v systemctl >/dev/null; then systemctl --quiet disable rabbitmq-server epmd.socket epmd.service || true; fi
    say "RabbitMQ is installed"
}

# Debian asks policy-rc.d before a package may start its service; 101 forbids it. What was there comes back at exit.
forbid_service_start() {
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then mv "$policy" "$policy.before-set-up"; fi
    trap 'rm -f "$policy"; [ ! -e "$policy.before-set-up" ] || mv "$policy.before-set-up" "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
}

case "${1:-}" in
python) prepare_python ;;
broker) prepare_broker ;;
judges) prepare_judges ;;
mail) prepare_mail ;;
*) fail "say what to prepare" "usage: local/setup.sh python|broker|judges|mail" ;;
esac
