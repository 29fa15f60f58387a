#pragma once

#include <string>

namespace aircargo::test {

/// Names the cases after their backends.
struct backend_names {
    template <class Backend>
    static std::string GetName(int)
    {
        return Backend::name;
    }
};

}  // namespace aircargo::test
