# The containers of a task share the loopback of a network of their own, which begins switched off (SIOCGIFFLAGS, SIOCSIFFLAGS).
use strict;
use Socket;

socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "loopback: $!\n";
my $request = pack('a16 s x22', 'lo', 0);
ioctl($socket, 0x8913, $request) or die "loopback: $!\n";
my (undef, $flags) = unpack('a16 s', $request);
$request = pack('a16 s x22', 'lo', $flags | 1);
ioctl($socket, 0x8914, $request) or die "loopback: $!\n";
