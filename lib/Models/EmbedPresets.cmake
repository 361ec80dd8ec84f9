# cmake -DOUT=<file> -DDIR=<folder> -P EmbedPresets.cmake
#
# Writes every <folder>/*.yaml as `PRESET("name", R"delimiter(text)delimiter")`.
file(GLOB files "${DIR}/*.yaml")
list(SORT files)
set(text "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" yaml)
  string(FIND "${yaml}" ")race-preset\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${file} contains the end mark of the raw strings")
  endif()
  string(APPEND text "PRESET(\"${name}\", R\"race-preset(${yaml})race-preset\")\n")
endforeach()
file(WRITE "${OUT}" "${text}")
