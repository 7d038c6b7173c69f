// Package bot is the running program: it wires the rooms together and is the
// one place where a turn is committed.
//
// Everything that changes a conversation (what people say, what falls due, what
// staff do) is handed to the [Committer], which runs all that waits in order
// inside one transaction: seen before? → contact and session → engine → events
// applied → one commit. Networks are acknowledged after the commit, people are
// answered from it. A turn that fails or panics is undone alone and answered
// with an apology; its neighbours commit.
//
// Called by cmd. A [Bot] is safe for concurrent use between Start and Stop. A
// crash loses nothing that was acknowledged: what was not committed is
// delivered again by its network and acts once.
package bot
