# cmake -D name=N -D gzip=FILE -D header=H -D source=S -P embed_gzip.cmake: see aircargo_embed.cmake.

file(WRITE "${header}"
"#pragma once
#include <string_view>
namespace aircargo::detail {
/// Compressed.
[[nodiscard]] std::string_view ${name}() noexcept;
}
")
file(WRITE "${source}"
"#include \"${name}.hpp\"

asm(R\"(
    .section .rodata
    .global aircargo_${name}_begin
    .global aircargo_${name}_end
aircargo_${name}_begin:
    .incbin \"${gzip}\"
aircargo_${name}_end:
    .byte 0
    .previous
)\");

extern \"C\" char const aircargo_${name}_begin[];
extern \"C\" char const aircargo_${name}_end[];

namespace aircargo::detail {
std::string_view ${name}() noexcept { return {aircargo_${name}_begin, aircargo_${name}_end}; }
}
")
