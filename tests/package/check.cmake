# cmake -D CASE=... -D FOLDER=... -P check.cmake: uses the library as other projects do. FOLDER is
# the place for what is built; install goes first and leaves FOLDER/prefix to the others.

cmake_minimum_required(VERSION 3.25)

set(consumers "${CMAKE_CURRENT_LIST_DIR}")
cmake_path(SET tree NORMALIZE "${consumers}/../..")
set(prefix "${FOLDER}/prefix")
set(build "${FOLDER}/${CASE}")
file(REMOVE_RECURSE "${build}")
set(ENV{CMAKE_CXX_COMPILER_LAUNCHER} "${LAUNCHER}")  # ccache and its settings, a list

function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY COMMAND_ECHO STDOUT)
endfunction()

function(configure source)
    run("${CMAKE_COMMAND}" -G Ninja -S "${source}" -B "${build}"
        "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS}" -DCMAKE_BUILD_TYPE=Debug ${ARGN}
    )
endfunction()

if(CASE STREQUAL "install")
    file(REMOVE_RECURSE "${prefix}")
    run("${CMAKE_COMMAND}" --install "${AIRCARGO_BUILD}" --prefix "${prefix}")
elseif(CASE STREQUAL "installed")
    configure("${consumers}/installed" "-DCMAKE_PREFIX_PATH=${prefix}")
    run("${CMAKE_COMMAND}" --build "${build}")
    run("${build}/consumer" "${build}/consumer.db")
    run("${build}/postgres_consumer")
elseif(CASE STREQUAL "missing")
    configure("${consumers}/missing" "-DCMAKE_PREFIX_PATH=${prefix}")
elseif(CASE STREQUAL "subdirectory")
    configure("${consumers}/subdirectory" "-DAIRCARGO_SOURCE=${tree}")
    run("${CMAKE_COMMAND}" --build "${build}")
    run("${build}/consumer" "${build}/consumer.db")
elseif(CASE STREQUAL "headers")
    file(GLOB_RECURSE pkgconfig "${prefix}/*/aircargo-core.pc")
    cmake_path(GET pkgconfig PARENT_PATH pkgconfig)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -E env "PKG_CONFIG_PATH=${pkgconfig}" pkg-config --cflags aircargo-core
        OUTPUT_VARIABLE cflags
        OUTPUT_STRIP_TRAILING_WHITESPACE
        COMMAND_ERROR_IS_FATAL ANY
    )
    separate_arguments(flags UNIX_COMMAND "${CXX_FLAGS} ${cflags}")
    file(MAKE_DIRECTORY "${build}")
    run("${CXX}" -std=c++20 ${flags} "${consumers}/headers/main.cpp" -o "${build}/consumer")
    run("${build}/consumer")
else()
    message(FATAL_ERROR "no case '${CASE}'")
endif()
