#!/bin/bash
# bake-model.sh MODEL FOLDER: leaves MODEL in FOLDER, readable by every user. It is taken from the base image
# where `ollama list` has it, else pulled.
set -o errexit -o nounset -o pipefail

model="$1" folder="$2"
export OLLAMA_HOST=127.0.0.1:11434 OLLAMA_NOPRUNE=1
kept="${OLLAMA_MODELS:-${HOME:-/root}/.ollama/models}"

with_server() {
	OLLAMA_MODELS="$1" ollama serve >/tmp/serve.log 2>&1 &
	local server=$! answer=0
	for _ in $(seq 60); do
		ollama list >/dev/null 2>&1 && break
		sleep 0.5
	done
	"${@:2}" || answer=$?
	kill "$server"
	wait "$server" || true
	return "$answer"
}

has_model() {
	local name="$model"
	[[ "${name##*/}" == *:* ]] || name="$name:latest"
	ollama list | awk 'NR > 1 {print $1}' | grep -qxF "$name"
}

mkdir -p "$folder" /home/ollama
if with_server "$kept" has_model; then
	[ "$kept" -ef "$folder" ] || cp -a "$kept/." "$folder"
else
	with_server "$folder" ollama pull "$model"
fi

chmod -R a+rX "$folder"
chown 1000:1000 /home/ollama
rm -f /tmp/serve.log
