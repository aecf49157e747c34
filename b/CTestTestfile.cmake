# CMake generated Testfile for 
# Source directory: /tmp/wt/base
# Build directory: /tmp/wt/base/b
# 
# This file includes the relevant testing commands required for 
# testing this directory and lists subdirectories to be tested as well.
subdirs("tests")
