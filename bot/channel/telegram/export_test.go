package telegram

// Pooled is the transport of our own, for a test with shorter times.
var Pooled = pooled
