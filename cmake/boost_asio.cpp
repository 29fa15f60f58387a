// Boost.Asio, compiled once for the programs of this tree; see boost_separate.cmake.
#include <boost/asio/impl/src.hpp>
