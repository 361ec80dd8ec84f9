# cmake -DOUT=<file> -DROOT=<folder> -DLAYERS=<layer>,... -P RaceSourcesHash.cmake
#
# Writes `#define RACE_SOURCES_HASH "..."`: a hash of the names and contents of
# all files of these layers of the house at <folder>. Nothing else goes into it,
# neither times nor absolute names.
string(REPLACE "," ";" layers "${LAYERS}")
set(files "")
foreach(layer IN LISTS layers)
  file(GLOB_RECURSE found RELATIVE "${ROOT}" "${ROOT}/include/race/${layer}/*" "${ROOT}/lib/${layer}/*")
  list(APPEND files ${found})
endforeach()
list(SORT files)
set(all "")
foreach(file IN LISTS files)
  file(SHA1 "${ROOT}/${file}" hash)
  string(APPEND all "${file} ${hash}\n")
endforeach()
string(SHA1 hash "${all}")
string(SUBSTRING "${hash}" 0 16 hash)
file(WRITE "${OUT}" "#define RACE_SOURCES_HASH \"${hash}\"\n")
