# Compiles through ccache when it is there. Paths are hashed relative to this tree, so that another
# checkout, or another preset with the same flags, finds what this one compiled.

find_program(AIRCARGO_CCACHE ccache DOC "ccache; empty compiles without it")
if(AIRCARGO_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=true "${AIRCARGO_CCACHE}"
    )
endif()
