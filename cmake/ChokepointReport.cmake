# What `chokepoint report` puts into its pages: src/report/assets/, and Chart.js as the system has it.

set(CHOKEPOINT_CHART_JS "" CACHE FILEPATH "chart.min.js of Chart.js 3.9, for the pages of `chokepoint report`")
if(NOT CHOKEPOINT_CHART_JS)
  find_file(chokepoint_chart_js chart.min.js PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist
            NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
  if(chokepoint_chart_js)
    set(CHOKEPOINT_CHART_JS "${chokepoint_chart_js}")
  else()
    message(STATUS "chokepoint report: left out, no Chart.js (Debian package libjs-chart.js)")
  endif()
endif()
if(CHOKEPOINT_CHART_JS)
  message(STATUS "chokepoint report: with ${CHOKEPOINT_CHART_JS}")
endif()

set(report_assets_source "${CHOKEPOINT_GENERATED_DIR}/report_assets.cpp")
set(report_assets_folder "${PROJECT_SOURCE_DIR}/src/report/assets")
add_custom_command(
  OUTPUT "${report_assets_source}"
  COMMAND "${CMAKE_COMMAND}" "-DASSETS=${report_assets_folder}" "-DCHART_JS=${CHOKEPOINT_CHART_JS}"
          "-DOUTPUT=${report_assets_source}" -P "${CMAKE_CURRENT_LIST_DIR}/write_report_assets.cmake"
  DEPENDS "${report_assets_folder}/page.html" "${report_assets_folder}/page.css" "${report_assets_folder}/words.js"
          "${report_assets_folder}/charts.js" "${report_assets_folder}/figures.js" "${report_assets_folder}/page.js"
          ${CHOKEPOINT_CHART_JS} "${CMAKE_CURRENT_LIST_DIR}/write_report_assets.cmake"
  COMMENT "Packing the assets of the report"
  VERBATIM)
set_source_files_properties("${report_assets_source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
