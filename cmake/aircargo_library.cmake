# aircargo_library(<name> HEADERS <file>... [SOURCES <file>...] [PUBLIC <target>...] [PRIVATE <target>...])
#
# Makes aircargo::<name>: an INTERFACE library without SOURCES, a static one with them. Headers are
# given relative to include/, sources relative to the calling list; both one a line, in order.
# Each library is a component of its own: find_package(aircargo COMPONENTS <name>).

add_library(aircargo_warnings INTERFACE)
target_compile_options(aircargo_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wno-missing-field-initializers  # designated initializers leave fields to their defaults on purpose
)

function(aircargo_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE")
    set(target aircargo_${name})
    set(include_dir "${PROJECT_SOURCE_DIR}/include")
    list(TRANSFORM arg_HEADERS PREPEND "${include_dir}/")

    if(arg_SOURCES)
        set(scope PUBLIC)
        add_library(${target} STATIC ${arg_SOURCES})
        target_link_libraries(${target} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:aircargo_warnings>)
        target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
        set_target_properties(${target} PROPERTIES
            CXX_EXTENSIONS OFF
            POSITION_INDEPENDENT_CODE ON  # so that a shared library or a Python module can take it in
        )
    else()
        set(scope INTERFACE)
        add_library(${target} INTERFACE)
    endif()
    add_library(aircargo::${name} ALIAS ${target})

    set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} CXX_EXTENSIONS OFF)
    target_compile_features(${target} ${scope} cxx_std_20)
    target_link_libraries(${target} ${scope} ${arg_PUBLIC})
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${include_dir}" FILES ${arg_HEADERS})
    set_property(GLOBAL APPEND PROPERTY AIRCARGO_COMPONENTS ${name})
endfunction()
