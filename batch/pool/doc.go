// Package pool runs jobs, some at a time, in the order in which they get into each other's
// way. [InOrder] has one coordinator: it takes jobs as they are given, holds back those whose
// keys another one has, hands the others to workers and takes back the values that they
// return. What was begun goes before what was not. It knows nothing of users and servers.
//
// [AtOnce] is for work that needs no order.
package pool
