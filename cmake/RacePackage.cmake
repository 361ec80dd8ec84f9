# cpack: two Debian packages, race-tidy and race-clangd. What they need of
# Debian's LLVM is found from what the programs link.

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/race-tidy"
        RENAME copyright)
set(components race-tidy)
if(TARGET race-clangd)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
          DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/race-clangd"
          RENAME copyright COMPONENT race-clangd)
  list(APPEND components race-clangd)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME race-tidy)
set(CPACK_PACKAGE_VENDOR "The race-tidy authors")
set(CPACK_PACKAGE_CONTACT "The race-tidy authors <race-tidy@users.noreply.github.com>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# clang's own headers, which the parser reads, are no library.
set(headers "libclang-common-${RACE_LLVM_MAJOR}-dev")

set(CPACK_DEBIAN_RACE-TIDY_PACKAGE_NAME race-tidy)
set(CPACK_DEBIAN_RACE-TIDY_PACKAGE_DEPENDS "${headers}")
set(CPACK_DEBIAN_RACE-TIDY_PACKAGE_RECOMMENDS "clang-tidy-${RACE_LLVM_MAJOR}, git")
set(CPACK_DEBIAN_RACE-TIDY_PACKAGE_SUGGESTS "race-clangd, pre-commit, clang-${RACE_LLVM_MAJOR}")
set(CPACK_COMPONENT_RACE-TIDY_DESCRIPTION
    "Finds objects that are used after they were handed back to a pool, checks
whose answer is stale when it is acted upon, and comments about threads that are
not true any more: with clang-tidy, in whole programs, before a commit.")
set(CPACK_DEBIAN_RACE-CLANGD_PACKAGE_NAME race-clangd)
set(CPACK_DEBIAN_RACE-CLANGD_PACKAGE_DEPENDS "${headers}")
set(CPACK_DEBIAN_RACE-CLANGD_PACKAGE_SUGGESTS race-tidy)
set(CPACK_COMPONENT_RACE-CLANGD_DESCRIPTION
    "clangd ${RACE_LLVM_MAJOR}, the language server, that says while you type what race-tidy says.")
include(CPack)
