# What `cmake --install` puts where: the program, the library with its public headers, a CMake package
# (find_package(chokepoint), target chokepoint::chokepoint), chokepoint.pc, the configs and the docs.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS chokepoint)
install(TARGETS chokepoint_library EXPORT chokepoint)
# Those of the subfolders are the library's own.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/chokepoint" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.hpp"
        PATTERN "base" EXCLUDE PATTERN "gpu" EXCLUDE PATTERN "market" EXCLUDE PATTERN "numeric" EXCLUDE PATTERN "tally" EXCLUDE)
install(FILES "${CHOKEPOINT_GENERATED_DIR}/chokepoint/version.hpp" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/chokepoint")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/configs" DESTINATION "${CMAKE_INSTALL_DATADIR}/chokepoint")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs" FILES_MATCHING PATTERN "*.md"
        PATTERN "*.png" PATTERN "*.svg")
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${PROJECT_SOURCE_DIR}/CONTRIBUTING.md"
              "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CITATION.cff" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/chokepoint")
set(CHOKEPOINT_NEEDS_CUDA OFF)
set(CHOKEPOINT_CUDA_LIBS "")
if(TARGET chokepoint_cuda)
  set(CHOKEPOINT_NEEDS_CUDA ON)
  set(CHOKEPOINT_CUDA_LIBS "-L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -ldl -lrt")
endif()
install(EXPORT chokepoint NAMESPACE chokepoint:: FILE chokepoint-targets.cmake DESTINATION "${package_folder}")
configure_package_config_file(cmake/chokepoint-config.cmake.in "${CMAKE_BINARY_DIR}/chokepoint-config.cmake"
                              INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/chokepoint-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/chokepoint-config.cmake" "${CMAKE_BINARY_DIR}/chokepoint-config-version.cmake"
        DESTINATION "${package_folder}")
file(RELATIVE_PATH CHOKEPOINT_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/chokepoint.pc.in "${CMAKE_BINARY_DIR}/chokepoint.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/chokepoint.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
