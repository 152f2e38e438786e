#!/bin/sh
# A docker that starts nothing. It keeps what there is in the folder DOCKER_STATE and records every call there, an argument behind
# the other with a zero between them.
set -eu

state=$DOCKER_STATE
mkdir -p "$state/calls" "$state/image" "$state/volume" "$state/network" "$state/container"
call=$(ls "$state/calls" | wc -l)
printf '%s\0' "$@" >"$state/calls/$(printf '%04d' "$call")"

error() {
	echo "docker: $1" >&2
	exit "${2:-1}"
}

# The name of a file for an image.
file_of() {
	printf '%s' "$1" | tr '/:@' '___'
}

inspect_container() {
	[ "$1" = --format ] || error "not asked by this script: $*"
	here="$state/container/$3"
	[ -d "$here" ] || error "no such container: $3"
	case $2 in
	*.Config.Labels*) printf '%s %s\n' "$(cat "$here/definition")" "$(cat "$here/image")" ;;
	*.Config.Env*) cat "$here/env" ;;
	*.State.Running*) cat "$here/running" ;;
	*.State.Health*) if [ -e "$state/unhealthy" ]; then echo starting; else echo healthy; fi ;;
	*) error "not a format that is known here: $2" ;;
	esac
}

run() {
	ends='' name='' definition=''
	env="$state/env.new"
	: >"$env"
	while [ $# -gt 0 ]; do
		case $1 in
		--rm) ends=yes && shift ;;
		--detach | --read-only | --no-healthcheck) shift ;;
		--name) name=$2 && shift 2 ;;
		--label)
			case $2 in ddrofs.definition=*) definition=${2#*=} ;; esac
			shift 2
			;;
		--env)
			case $2 in
			*=*) printf '%s\n' "$2" >>"$env" ;;
			*) if printenv "$2" >/dev/null; then printf '%s=%s\n' "$2" "$(printenv "$2")" >>"$env"; fi ;;
			esac
			shift 2
			;;
		--*) shift 2 ;;
		*) break ;;
		esac
	done
	image="$state/image/$(file_of "$1")"
	[ -e "$image" ] || error "no such image: $1" 125
	if [ -n "$ends" ]; then
		[ ! -e "$state/init-fails" ] || exit 1
		return
	fi
	here="$state/container/$name"
	mkdir "$here" 2>/dev/null || error "the name $name is taken" 125
	printf '%s\n' "$definition" >"$here/definition"
	cat "$image" >"$here/image"
	mv "$env" "$here/env"
	echo true >"$here/running"
	echo "$name"
}

case "$1 ${2:-}" in
'version ') [ ! -e "$state/down" ] || error 'nobody answers' ;;
'image inspect')
	eval "image=\${$#}"
	file="$state/image/$(file_of "$image")"
	[ -e "$file" ] || error "no such image: $image"
	cat "$file"
	;;
'pull '*) printf 'sha256:%s\n' "$(file_of "$2")" >"$state/image/$(file_of "$2")" ;;
'volume inspect' | 'network inspect') [ -e "$state/$1/$3" ] || error "no such $1" ;;
'volume create' | 'network create') : >"$state/$1/$3" ;;
'container inspect') shift 2 && inspect_container "$@" ;;
'run '*) shift && run "$@" ;;
'start '*) echo true >"$state/container/$2/running" ;;
'stop '*) echo false >"$state/container/$2/running" ;;
'rm '*) rm -r "$state/container/$2" ;;
*) error "not a command that is known here: $*" ;;
esac
