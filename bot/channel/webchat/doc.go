// Package webchat is the web page at "/": the same conversation as on any
// other network, for people who have a browser and nothing else. The running
// program makes one [Web] and mounts it with [Web.Routes].
//
// The page is rendered here and works without JavaScript: every choice and the
// text field are plain form posts, answered by a redirect. With JavaScript the
// same forms are sent in the background and the log grows by server-sent
// events. Both show the same server-rendered entries, told apart by their
// sequence number, so that nothing appears twice and nothing is missed after a
// break: a page always asks for what comes after the last number it shows.
//
// A GET changes nothing. Whoever has no conversation yet sees a preview of the
// turn "/start"; the first post commits that turn and the person's own words
// together. Crawlers therefore leave no trace.
//
// A visitor is a random cookie. The address of the conversation is a hash of
// it, so that neither the store nor a log holds what would open the
// conversation again.
//
// The web is a pulling network: what is committed to the transcript is
// delivered. A crash loses nothing that was answered: a post is acknowledged
// only after [Bot] made it durable, and a repeated post carries the same id and
// acts once. Everything here is safe for concurrent use.
package webchat
