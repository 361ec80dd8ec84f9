# race_tidy_summaries(<target>... [ROOT <folder>] [OPTIONS <race-tidy analyze option>...])
#
# Loads the compiler plugin into the compiles of the targets: they print race-*
# warnings and write a summary beside each object. The target `race` builds them,
# links their summaries and analyses the program; it fails if there are
# findings. Every call adds to it.
#   ROOT     the project's folder, to which names are relative; CMAKE_SOURCE_DIR
#   OPTIONS  more options for the analysis
#
# RaceTidyConfig.cmake sets what is needed: RaceTidy_COMPILER_PLUGIN,
# RaceTidy_PROGRAM and RaceTidy_LLVM_MAJOR.

function(race_tidy_summaries)
  cmake_parse_arguments(ARG "" "ROOT" "OPTIONS" ${ARGN})
  if(NOT ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "race_tidy_summaries: name a target")
  endif()
  if(NOT ARG_ROOT)
    set(ARG_ROOT "${CMAKE_SOURCE_DIR}")
  endif()
  get_filename_component(root "${ARG_ROOT}" REALPATH BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "race_tidy_summaries: the generator must be Ninja or Makefiles, not ${CMAKE_GENERATOR}")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  foreach(language C CXX)
    if(language IN_LIST languages AND
       NOT (CMAKE_${language}_COMPILER_ID STREQUAL "Clang" AND
            CMAKE_${language}_COMPILER_VERSION VERSION_GREATER_EQUAL "${RaceTidy_LLVM_MAJOR}" AND
            CMAKE_${language}_COMPILER_VERSION VERSION_LESS_EQUAL "${RaceTidy_LLVM_MAJOR}.999"))
      message(FATAL_ERROR "race_tidy_summaries: the plugin is for clang ${RaceTidy_LLVM_MAJOR}; CMAKE_${language}_COMPILER is ${CMAKE_${language}_COMPILER_ID} ${CMAKE_${language}_COMPILER_VERSION}")
    endif()
  endforeach()

  foreach(target ${ARG_UNPARSED_ARGUMENTS})
    if(NOT TARGET ${target})
      message(FATAL_ERROR "race_tidy_summaries: there is no target ${target}")
    endif()
    target_compile_options(${target} PRIVATE
      "$<$<COMPILE_LANGUAGE:C,CXX>:-fplugin=${RaceTidy_COMPILER_PLUGIN}>"
      "$<$<COMPILE_LANGUAGE:C,CXX>:-fplugin-arg-race-root=${root}>"
      "$<$<COMPILE_LANGUAGE:C,CXX>:-fplugin-arg-race-summary=%o.race.json>")
    # The analysis reads files again for which linking has news.
    set_target_properties(${target} PROPERTIES EXPORT_COMPILE_COMMANDS ON)
    foreach(language C CXX)
      get_target_property(launcher ${target} ${language}_COMPILER_LAUNCHER)
      if(launcher MATCHES "ccache")
        # A compile that the cache answers writes no summary.
        message(STATUS "race_tidy_summaries: ${target} is compiled without ${launcher}")
        set_target_properties(${target} PROPERTIES ${language}_COMPILER_LAUNCHER "")
      endif()
    endforeach()
  endforeach()

  get_property(known GLOBAL PROPERTY RACE_TIDY_ROOT)
  if(known AND NOT known STREQUAL root)
    message(FATAL_ERROR "race_tidy_summaries: one ROOT for all targets, please: ${known} or ${root}")
  endif()
  if(NOT known)
    set_property(GLOBAL PROPERTY RACE_TIDY_ROOT "${root}")
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _race_tidy_add_race)
  endif()
  set_property(GLOBAL APPEND PROPERTY RACE_TIDY_TARGETS ${ARG_UNPARSED_ARGUMENTS})
  set_property(GLOBAL APPEND PROPERTY RACE_TIDY_OPTIONS ${ARG_OPTIONS})
endfunction()

# The target `race`, when all targets are known.
function(_race_tidy_add_race)
  get_property(root GLOBAL PROPERTY RACE_TIDY_ROOT)
  get_property(targets GLOBAL PROPERTY RACE_TIDY_TARGETS)
  get_property(options GLOBAL PROPERTY RACE_TIDY_OPTIONS)
  list(REMOVE_DUPLICATES targets)
  # Which objects a target has is known when the build files are written. A
  # response file, since there can be more than a command line holds.
  set(arguments "")
  foreach(target ${targets})
    set(objects "$<TARGET_OBJECTS:${target}>")
    string(APPEND arguments "$<$<BOOL:${objects}>:\"--from-summaries=$<JOIN:${objects},.race.json\"\n\"--from-summaries=>.race.json\"\n>")
  endforeach()
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/race-summaries.txt" CONTENT "${arguments}")
  add_custom_target(race
    COMMAND "${RaceTidy_PROGRAM}" analyze -p "${CMAKE_BINARY_DIR}" "--root=${root}"
            "@${CMAKE_BINARY_DIR}/race-summaries.txt" ${options}
    WORKING_DIRECTORY "${root}"
    COMMENT "Linking the summaries and analysing the program"
    USES_TERMINAL VERBATIM)
  add_dependencies(race ${targets})
endfunction()
