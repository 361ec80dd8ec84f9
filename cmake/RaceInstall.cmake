# cmake --install: the plugin, the CMake package that makes it easy to use, and
# the documentation.

include(CMakePackageConfigHelpers)

set(RACE_PLUGIN_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/race-tidy")
set(RACE_PACKAGE_INSTALL_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/RaceTidy")

if(TARGET RaceTidy)
  install(TARGETS RaceTidy LIBRARY DESTINATION "${RACE_PLUGIN_INSTALL_DIR}")
  configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/RaceTidyConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/package/RaceTidyConfig.cmake"
    INSTALL_DESTINATION "${RACE_PACKAGE_INSTALL_DIR}"
    PATH_VARS RACE_PLUGIN_INSTALL_DIR CMAKE_INSTALL_BINDIR)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/RaceTidyConfigVersion.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/package/RaceTidyConfig.cmake"
                "${PROJECT_BINARY_DIR}/package/RaceTidyConfigVersion.cmake"
                "${PROJECT_SOURCE_DIR}/cmake/RaceTidySummaries.cmake"
          DESTINATION "${RACE_PACKAGE_INSTALL_DIR}")
endif()

# For a copy by hand; race-tidy init has it inside.
install(PROGRAMS "${PROJECT_SOURCE_DIR}/tools/hooks/pre-commit"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/race-tidy/hooks")

# For the code that is checked: it includes nothing else of ours.
install(FILES "${PROJECT_SOURCE_DIR}/include/race/annotations.h"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/race")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/tools/bazel/"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/race-tidy/bazel")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
foreach(file README.md LICENSE)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${file}")
    install(FILES "${PROJECT_SOURCE_DIR}/${file}" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
  endif()
endforeach()
