if(EXISTS "/tmp/wt/base/b/tests/test_scenario")
  if(NOT EXISTS "/tmp/wt/base/b/tests/test_scenario[1]_tests.cmake" OR
     NOT "/tmp/wt/base/b/tests/test_scenario[1]_tests.cmake" IS_NEWER_THAN "/tmp/wt/base/b/tests/test_scenario" OR
     NOT "/tmp/wt/base/b/tests/test_scenario[1]_tests.cmake" IS_NEWER_THAN "${CMAKE_CURRENT_LIST_FILE}")
    include("/usr/share/cmake-3.25/Modules/GoogleTestAddTests.cmake")
    gtest_discover_tests_impl(
      TEST_EXECUTABLE [==[/tmp/wt/base/b/tests/test_scenario]==]
      TEST_EXECUTOR [==[]==]
      TEST_WORKING_DIR [==[/tmp/wt/base/b/tests]==]
      TEST_EXTRA_ARGS [==[]==]
      TEST_PROPERTIES [==[TIMEOUT;600]==]
      TEST_PREFIX [==[scenario.]==]
      TEST_SUFFIX [==[]==]
      TEST_FILTER [==[]==]
      NO_PRETTY_TYPES [==[FALSE]==]
      NO_PRETTY_VALUES [==[FALSE]==]
      TEST_LIST [==[test_scenario_TESTS]==]
      CTEST_FILE [==[/tmp/wt/base/b/tests/test_scenario[1]_tests.cmake]==]
      TEST_DISCOVERY_TIMEOUT [==[60]==]
      TEST_XML_OUTPUT_DIR [==[]==]
    )
  endif()
  include("/tmp/wt/base/b/tests/test_scenario[1]_tests.cmake")
else()
  add_test(test_scenario_NOT_BUILT test_scenario_NOT_BUILT)
endif()
