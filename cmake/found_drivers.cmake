# For the build of the Python package: the drivers of PostgreSQL and Redis are in it where their
# libraries are found, unless AIRCARGO_WITH_POSTGRES or AIRCARGO_WITH_REDIS says otherwise.

list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")
find_package(PostgreSQL 13 QUIET)
find_package(Hiredis 0.14 QUIET)
find_package(OpenSSL 3 QUIET COMPONENTS Crypto)

if(NOT PostgreSQL_FOUND)
    set(AIRCARGO_WITH_POSTGRES OFF CACHE BOOL "PostgreSQL was not found")
    message(STATUS "aircargo: without PostgreSQL; libpq-dev was not found")
endif()
if(NOT Hiredis_FOUND OR NOT OpenSSL_FOUND)
    set(AIRCARGO_WITH_REDIS OFF CACHE BOOL "hiredis or OpenSSL was not found")
    message(STATUS "aircargo: without Redis; libhiredis-dev or libssl-dev was not found")
endif()
