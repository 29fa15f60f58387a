# Installs every component with an export set of its own, so that a package without one of them, or
# without what one of them needs, still offers the others.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/aircargo")
get_property(components GLOBAL PROPERTY AIRCARGO_COMPONENTS)

foreach(component IN LISTS components)
    install(TARGETS aircargo_${component}
        EXPORT aircargo-${component}
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    )
    install(EXPORT aircargo-${component}
        FILE aircargo-${component}-targets.cmake
        NAMESPACE aircargo::
        DESTINATION "${package_dir}"
    )
endforeach()

configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/aircargo-config.cmake.in" "${PROJECT_BINARY_DIR}/aircargo-config.cmake"
    INSTALL_DESTINATION "${package_dir}"
    NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/aircargo-config-version.cmake"
    COMPATIBILITY SameMinorVersion  # until 1.0
)
install(
    FILES
        "${CMAKE_CURRENT_LIST_DIR}/FindHiredis.cmake"
        "${PROJECT_BINARY_DIR}/aircargo-config.cmake"
        "${PROJECT_BINARY_DIR}/aircargo-config-version.cmake"
    DESTINATION "${package_dir}"
)

# pkg-config, for the headers of aircargo::core. Its paths are relative, so the folder can be moved.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH prefix_from_pkgconfig
    "${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir}" "${CMAKE_INSTALL_PREFIX}"
)
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig "${prefix_from_pkgconfig}")
configure_file(
    "${CMAKE_CURRENT_LIST_DIR}/aircargo-core.pc.in" "${PROJECT_BINARY_DIR}/aircargo-core.pc" @ONLY
)
install(FILES "${PROJECT_BINARY_DIR}/aircargo-core.pc" DESTINATION "${pkgconfig_dir}")

foreach(program aircargo-server)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT server)
    endif()
endforeach()
