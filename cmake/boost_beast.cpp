// Boost.Beast, compiled once for the programs of this tree; see boost_separate.cmake.
#include <boost/beast/src.hpp>
