# Finds LLVM and Clang 19 and sets the flags that code against their headers
# needs. Anything missing ends the configuration in one line that names the
# Debian package.

set(RACE_LLVM_MAJOR 19)

# LLVM's package looks for it, for programs of its own that are not linked here,
# and does so by a C compiler, which this project does not ask for.
set(CMAKE_DISABLE_FIND_PACKAGE_LibEdit ON)
# No version here: LLVM's package files want major and minor to be equal.
find_package(Clang CONFIG QUIET
             HINTS /usr/lib/llvm-${RACE_LLVM_MAJOR}/lib/cmake/clang)
if(NOT Clang_FOUND)
  message(FATAL_ERROR "race-tidy needs Clang ${RACE_LLVM_MAJOR}: install the Debian packages libclang-${RACE_LLVM_MAJOR}-dev and llvm-${RACE_LLVM_MAJOR}-dev, or set Clang_DIR")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL RACE_LLVM_MAJOR)
  message(FATAL_ERROR "race-tidy needs LLVM ${RACE_LLVM_MAJOR}, found ${LLVM_PACKAGE_VERSION}: install the Debian package llvm-${RACE_LLVM_MAJOR}-dev, or set LLVM_DIR")
endif()
if(NOT EXISTS "${CLANG_INCLUDE_DIRS}/clang-tidy/ClangTidyCheck.h")
  message(FATAL_ERROR "race-tidy needs clang-tidy's headers: install the Debian package libclang-${RACE_LLVM_MAJOR}-dev")
endif()

# The shared libraries, for programs. A plugin links neither: its host has
# them. Debian ships no development link for libclang-cpp, hence the full name.
find_library(RACE_LIBCLANG_CPP NAMES libclang-cpp.so.${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR}
             HINTS "${LLVM_LIBRARY_DIRS}" NO_DEFAULT_PATH)
find_library(RACE_LIBLLVM NAMES LLVM-${LLVM_VERSION_MAJOR} LLVM
             HINTS "${LLVM_LIBRARY_DIRS}" NO_DEFAULT_PATH)
if(NOT RACE_LIBCLANG_CPP OR NOT RACE_LIBLLVM)
  message(FATAL_ERROR "race-tidy needs LLVM's shared libraries: install the Debian packages libclang-cpp${RACE_LLVM_MAJOR} and llvm-${RACE_LLVM_MAJOR}-dev")
endif()

add_library(race_llvm_headers INTERFACE)
target_include_directories(race_llvm_headers SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${CLANG_INCLUDE_DIRS})
target_compile_features(race_llvm_headers INTERFACE cxx_std_17)
separate_arguments(RACE_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(race_llvm_headers INTERFACE ${RACE_LLVM_DEFINITIONS} -fno-exceptions
                       -Wall -Wextra -Werror)
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(race_llvm_headers INTERFACE -fno-rtti)
endif()

add_library(race_llvm INTERFACE)
target_link_libraries(race_llvm INTERFACE race_llvm_headers "${RACE_LIBCLANG_CPP}" "${RACE_LIBLLVM}")

# The headers that belong to this clang's parser, for programs that parse.
get_filename_component(RACE_CLANG_RESOURCE_DIR
                       "${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR}" REALPATH)
if(NOT EXISTS "${RACE_CLANG_RESOURCE_DIR}/include/stddef.h")
  message(FATAL_ERROR "race-tidy needs clang's own headers: install the Debian package libclang-common-${RACE_LLVM_MAJOR}-dev")
endif()
