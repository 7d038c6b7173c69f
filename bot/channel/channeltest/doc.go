// Package channeltest is the suite that every channel passes: the promises of
// package channel, checked against the channel's own strict fake of its network.
//
// Called by the tests of the channels, which describe themselves by a [Harness].
// The suite knows no network. It plays people on one side and the bot on the
// other, and complains when a word is lost or bent, an error is called by the
// wrong name, an update acts under two ids, a secret gets into a log or an
// error, or a request leaves for another host. Run it with the race detector.
package channeltest
