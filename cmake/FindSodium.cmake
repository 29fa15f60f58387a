# Sodium::Sodium, Sodium_FOUND and Sodium_VERSION. The library has a file for pkg-config only.

find_path(Sodium_INCLUDE_DIR sodium.h)
find_library(Sodium_LIBRARY sodium)
mark_as_advanced(Sodium_INCLUDE_DIR Sodium_LIBRARY)

if(Sodium_INCLUDE_DIR)
    file(STRINGS "${Sodium_INCLUDE_DIR}/sodium/version.h" _sodium_version REGEX "define SODIUM_VERSION_STRING ")
    string(REGEX REPLACE ".*\"(.*)\"" "\\1" Sodium_VERSION "${_sodium_version}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Sodium
    REQUIRED_VARS Sodium_LIBRARY Sodium_INCLUDE_DIR
    VERSION_VAR Sodium_VERSION
)

if(Sodium_FOUND AND NOT TARGET Sodium::Sodium)
    add_library(Sodium::Sodium UNKNOWN IMPORTED)
    set_target_properties(Sodium::Sodium PROPERTIES
        IMPORTED_LOCATION "${Sodium_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${Sodium_INCLUDE_DIR}"
    )
endif()
