# aircargo_embed(<target> <name> <file>) compiles a text file into <target>.
#
#   aircargo_embed(aircargo_world airports_csv src/world/data/airports.csv)
#   #include "embedded/airports_csv.hpp"    // aircargo::detail::airports_csv, a std::string_view
#
# The bytes become raw string literals, which compile in milliseconds where an array of numbers takes
# seconds. They are written anew whenever the file changes. The file must be plain text with LF line ends.

function(aircargo_embed target name file)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded")
    set(header "${folder}/embedded/${name}.hpp")
    set(source "${folder}/embedded/${name}.cpp")
    set(script "${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake")

    add_custom_command(
        OUTPUT "${header}" "${source}"
        COMMAND ${CMAKE_COMMAND} -D name=${name} -D input=${file} -D header=${header} -D source=${source} -P ${script}
        DEPENDS "${file}" "${script}"
        COMMENT "Embedding ${name}"
        VERBATIM
    )
    set_source_files_properties("${source}" PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
    target_sources(${target} PRIVATE "${header}" "${source}")
    target_include_directories(${target} PRIVATE "${folder}")

    # For tools that read the sources without building them: the target aircargo_generated.
    if(NOT TARGET aircargo_generated)
        add_custom_target(aircargo_generated)
    endif()
    add_custom_target(${target}_${name} DEPENDS "${header}")
    add_dependencies(aircargo_generated ${target}_${name})
endfunction()

# aircargo_embed_gzip(<target> <name> <file>) compiles a file of any content, compressed, into <target>:
# aircargo::detail::<name>(), a std::string_view of its gzip.
function(aircargo_embed_gzip target name file)
    find_program(AIRCARGO_GZIP gzip REQUIRED)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded")
    set(header "${folder}/embedded/${name}.hpp")
    set(source "${folder}/embedded/${name}.cpp")
    set(compressed "${folder}/embedded/${name}.gz")
    set(script "${PROJECT_SOURCE_DIR}/cmake/embed_gzip.cmake")

    add_custom_command(
        OUTPUT "${header}" "${source}" "${compressed}"
        COMMAND ${AIRCARGO_GZIP} -9 -n -c "${file}" > "${compressed}"
        COMMAND ${CMAKE_COMMAND} -D name=${name} -D gzip=${compressed} -D header=${header} -D source=${source} -P ${script}
        DEPENDS "${file}" "${script}"
        COMMENT "Embedding ${name}"
        VERBATIM
    )
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${compressed}")
    target_sources(${target} PRIVATE "${header}" "${source}")
    target_include_directories(${target} PRIVATE "${folder}")
    if(NOT TARGET aircargo_generated)
        add_custom_target(aircargo_generated)
    endif()
    add_custom_target(${target}_${name} DEPENDS "${header}")
    add_dependencies(aircargo_generated ${target}_${name})
endfunction()
