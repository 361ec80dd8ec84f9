# race_add_library(<Layer> SOURCES ... [USES <Layer> ...])
#
# A layer of the house (docs/design.md) as a static library `race<Layer>`, with
# the precompiled LLVM headers that all layers share. It carries no LLVM
# library: a plugin takes those from its host, a program links race_llvm.
function(race_add_library layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  set(target race${layer})
  add_library(${target} STATIC ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON
                        CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(${target} PUBLIC race_llvm_headers)
  if(TARGET raceSupport AND NOT layer STREQUAL "Support")
    target_precompile_headers(${target} REUSE_FROM raceSupport)
  else()
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/RacePch.h")
  endif()
  foreach(used ${ARG_USES})
    target_link_libraries(${target} PUBLIC race${used})
  endforeach()
endfunction()
