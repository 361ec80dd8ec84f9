# full-disk.sh FOLDER COMMAND...: analyses FOLDER/src with the index on a disk
# that is too small for all of it (full.*), or for any of it (tiny.*).
folder=$1; shift
run() {
  mount -t tmpfs -o "size=$size" tmpfs "$folder/index"
  status=0
  "$@" analyze -p "$folder/src" "--index=$folder/index/index" \
    > "$folder/$name.out" 2> "$folder/$name.err" || status=$?
  test $status = 1
}
name=full size=120k; run "$@"
name=tiny size=8k; run "$@"
