# cmake -D name=N -D input=FILE -D header=H -D source=S -P embed_file.cmake: see aircargo_embed.cmake.

file(READ "${input}" text)
string(FIND "${text}" ")aircargo\"" closes_early)
if(NOT closes_early EQUAL -1)
    message(FATAL_ERROR "${input} holds the end mark of its own raw string literal")
endif()
file(SIZE "${input}" size)
string(LENGTH "${text}" length)  # in bytes; file(READ) drops what is no plain text
if(NOT length EQUAL size)
    message(FATAL_ERROR "${input} holds a NUL byte, a byte order mark or CR LF line ends, which would be lost")
endif()

file(WRITE "${header}"
"#pragma once
#include <string_view>
namespace aircargo::detail {
extern std::string_view const ${name};
}
")
file(WRITE "${source}"
"#include \"${name}.hpp\"
namespace aircargo::detail {
using namespace std::string_view_literals;
constinit std::string_view const ${name} = R\"aircargo(${text})aircargo\"sv;
}
")
