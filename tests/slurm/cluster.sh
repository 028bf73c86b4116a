#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A real Slurm of two nodes (2 cores, 2 GPUs by name each) on this machine, everything below DIR; for tests.
#   cluster.sh start DIR [CONFIGURATION…]   further lines of slurm.conf; then: export SLURM_CONF=DIR/etc/slurm.conf
#   cluster.sh stop DIR                     ends only what start began (by pid file)
# Packages: apt-get install -y --no-install-recommends slurmctld slurmd slurm-client   (Debian 12: Slurm 22.05.8)
# No systemd, no cgroups, no munged, no root: all daemons run as the calling user.
set -euo pipefail
command=$1 dir=$(realpath -m "$2")
shift 2
host=$(hostname -s) user=$(id -un)
pids() { cat "$dir"/run/*.pid 2>/dev/null || true; }
case $command in
start)
  mkdir -p "$dir"/{etc,state,run,log,spool/n1,spool/n2}
  base=${SLURM_TEST_PORT:-$((20000 + $$ % 10000))}
  cat > "$dir/etc/slurm.conf" <<CONF
ClusterName=segtest
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$base
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
# A requeued job waits this long (and up to 10 s) instead of 120 s.
AuthInfo=cred_expire=5
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd.%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=2,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=10
KillWait=5
MinJobAge=300
JobRequeue=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobcomp.txt
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((base + 1))-$((base + 2))] SocketsPerBoard=1 CoresPerSocket=2 ThreadsPerCore=1 RealMemory=8000 Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=n[1-2] Default=YES MaxTime=UNLIMITED State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=urgent Nodes=n[1-2] MaxTime=UNLIMITED State=UP PriorityTier=10 PreemptMode=OFF
CONF
  for line in "$@"; do echo "$line" >> "$dir/etc/slurm.conf"; done
  # Any two character devices will do as GPUs: Slurm only counts them and sets CUDA_VISIBLE_DEVICES.
  printf 'NodeName=n[1-2] Name=gpu File=/dev/null\nNodeName=n[1-2] Name=gpu File=/dev/zero\n' > "$dir/etc/gres.conf"
  export SLURM_CONF=$dir/etc/slurm.conf PATH=$PATH:/usr/sbin
  slurmctld -i
  slurmd -N n1
  slurmd -N n2
  for _ in $(seq 200); do
    [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ] && exit 0
    sleep 0.1
  done
  echo "the nodes did not become idle; see $dir/log" >&2
  sinfo -R >&2
  exit 1
  ;;
stop)
  SLURM_CONF=$dir/etc/slurm.conf scancel -s KILL -u "$user" 2>/dev/null || true
  sleep 0.5
  for pid in $(pids); do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 50); do
    alive=
    for pid in $(pids); do if kill -0 "$pid" 2>/dev/null; then alive=1; fi; done
    [ -z "$alive" ] && exit 0
    sleep 0.1
  done
  exit 1
  ;;
esac
