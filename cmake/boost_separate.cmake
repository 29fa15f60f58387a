# Boost.Asio and Boost.Beast compiled once: every other file that includes them compiles in half the
# time. For the programs and tests of this tree only; users of aircargo::async choose for themselves.
# All objects of one program must agree on it, which is why the defines are PUBLIC.

add_library(aircargo_boost_asio STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/boost_asio.cpp")
target_compile_features(aircargo_boost_asio PUBLIC cxx_std_20)
target_compile_definitions(aircargo_boost_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION)
target_link_libraries(aircargo_boost_asio PUBLIC Boost::headers Threads::Threads)
set_target_properties(aircargo_boost_asio PROPERTIES CXX_EXTENSIONS OFF)

add_library(aircargo_boost_beast STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/boost_beast.cpp")
target_compile_definitions(aircargo_boost_beast PUBLIC BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(aircargo_boost_beast PUBLIC aircargo_boost_asio)
set_target_properties(aircargo_boost_beast PROPERTIES CXX_EXTENSIONS OFF)
