# read-only-disk.sh FOLDER COMMAND...: analyses FOLDER/src with the index on a
# read-only disk: new.* where there is none, read.* where there is one.
folder=$1; shift
run() {
  status=0
  "$@" > "$folder/$name.out" 2> "$folder/$name.err" || status=$?
  test $status = 1
}
mount -t tmpfs tmpfs "$folder/index"
mount -o remount,ro "$folder/index"
name=new; run "$@" analyze -p "$folder/src" "--index=$folder/index/index"
mount -o remount,rw "$folder/index"
name=made; run "$@" analyze -p "$folder/src" "--index=$folder/index/index"
mount -o remount,ro "$folder/index"
name=read; run "$@" analyze -p "$folder/src" "--index=$folder/index/index"
