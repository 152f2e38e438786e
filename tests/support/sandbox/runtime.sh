# The platform's part of a run: roots, mounts, the order of start, health and what is asked afterwards. Runs as root of private
# namespaces; $1 is the folder that `run.rs` has written, $2 says whether there is more than one user. What it leaves is in $1/seen.
# Starting a program is what costs here, so `run.rs` does beforehand whatever needs no mount.
set -u
work=$1
ids=$2
seen=$work/seen
machine=$work/machine

fail() {
    echo "sandbox: $1" >&2
    exit 99
}

first_line() { # FILE
    read -r line <"$1" && echo "$line"
}

# Lines `OWNER PATH...`, below a folder.
hand_over() { # FOLDER FILE
    [ "$ids" = many ] || return 0
    while read -r owner paths; do
        (cd "$1" && chown -R "$owner" $paths) || fail "$2: handing over failed"
    done <"$2"
}

fill() { # ROOT FILE
    while read -r volume path; do
        set -- "$1" "$2" "$machine/volumes/$volume"/* "$machine/volumes/$volume"/.[!.]*
        [ -e "$3" ] || [ -e "$4" ] || cp -a "$1$path/." "$machine/volumes/$volume/" || fail "filling $volume failed"
    done <"$2"
}

make_places() { # FILE
    while read -r kind volume path; do
        place=$machine/volumes/$volume/$path
        [ ! -e "$place" ] || continue
        case $kind in
        file) mkdir -p "${place%/*}" && true >"$place" ;;
        folder) mkdir -p "$place" ;;
        esac || fail "$volume has no place for $path"
    done <"$1"
}

prepare() { # CONTAINER
    container=$work/containers/$1
    root=$machine/roots/$1
    mount -t tmpfs -o mode=755 root "$root" || fail "mounting a root failed"
    cp -a "$container/files/." "$root/" || fail "the image cannot be copied"
    hand_over "$root" "$container/owners"
    fill "$root" "$container/filled"
    make_places "$container/nested"
    mount -a -T "$container/fstab" || fail "the mounts of $1 failed"
    [ ! -e "$container/read-only" ] || mount -o remount,bind,ro "$root" || fail "the root of $1 cannot be made read-only"
    if { true >"$root/.written"; } 2>/dev/null; then
        rm "$root/.written"
        echo writable >"$seen/$1.root"
    else
        echo read-only >"$seen/$1.root"
    fi
}

# Variables and words are in a file, user, group and capabilities in another.
enter() { # CONTAINER FILE
    read -r user group capabilities <"$work/containers/$1/user"
    exec perl "$work/enter.pl" "$machine/roots/$1" "$user" "$group" "$capabilities" "$2" </dev/null
}

# A container has settled when it ended or says on descriptor 3 that it is up.
start() { # CONTAINER
    prepare "$1"
    echo "start $1" >>"$seen/events"
    exec 3<>"$work/containers/$1/settled"
    {
        (enter "$1" "$work/containers/$1/start") >>"$seen/$1.log" 2>&1 &
        first=$!
        wait "$first"
        status=$?
        # What it left running ends with it.
        kill -KILL -- "-$first" 2>/dev/null
        echo "end $1" >>"$seen/events"
        echo "$status" >"$seen/$1.code"
        echo end >&3
    } &
    read -r _ <&3
    exec 3<&-
}

runs() { # CONTAINER
    [ -e "$seen/$1.root" ] && [ ! -e "$seen/$1.code" ]
}

# Status 0 and nothing on standard error, within as many tries as the check has.
is_healthy() { # CONTAINER
    runs "$1" && [ -e "$work/containers/$1/health" ] || return 1
    read -r left <"$work/containers/$1/retries"
    while [ "$left" -gt 0 ]; do
        if (enter "$1" "$work/containers/$1/health") >>"$seen/$1.health.log" 2>"$seen/$1.health.errors" &&
            [ ! -s "$seen/$1.health.errors" ]; then
            return 0
        fi
        left=$((left - 1))
    done
    return 1
}

may_start() { # CONTAINER
    while read -r condition other; do
        case $condition in
        started) [ -e "$seen/$other.root" ] ;;
        completed) [ -e "$seen/$other.code" ] ;;
        succeeded) [ -e "$seen/$other.code" ] && [ "$(first_line "$seen/$other.code")" = 0 ] ;;
        healthy) is_healthy "$other" ;;
        *) fail "there is no condition $condition" ;;
        esac || return 1
    done <"$work/containers/$1/waits"
}

is_stopped() {
    for name in $order; do
        [ ! -e "$work/containers/$name/essential" ] || [ ! -e "$seen/$name.code" ] || return 0
    done
    return 1
}

# Of those that may start, the last one of the document does, and settles before the next: the worst order that the document allows.
# Whoever depends on an order has to say so.
start_next() {
    for name in $order; do
        if [ ! -e "$seen/$name.root" ] && may_start "$name"; then
            start "$name"
            return 0
        fi
    done
    return 1
}

order=$(first_line "$work/order")
mount -t tmpfs -o mode=755 sandbox "$machine" || fail "mounting a tmpfs failed"
cp -a "$work/layout/." "$machine/"
hand_over "$machine/volumes" "$work/owners"
while read -r volume; do
    perl "$work/listen.pl" leave "stream:$machine/volumes/$volume" >/dev/null
done <"$work/sockets"
perl "$work/loopback.pl" || fail "switching the loopback on failed"
(cd "$work/containers" && for name in $order; do echo "$name/settled"; done | xargs mkfifo)

while ! is_stopped && start_next; do :; done

if is_stopped; then
    echo stop >>"$seen/events"
    exit 0
fi
for name in $order; do
    if is_healthy "$name"; then echo healthy >"$seen/$name.health"; fi
done
while read -r name container; do
    runs "$container" || continue
    (enter "$container" "$work/asked/$name") >"$seen/$name.answer" 2>&1
    echo $? >"$seen/$name.answer.code"
done <"$work/asked/list"
