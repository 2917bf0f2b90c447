// Names that the rules files of Falco's project define: rules, macros and lists, each with the first file that has it.
// In: nothing. Out: the table. Names are facts, and all that is taken of these files.
// Elsewhere: what is said about one that is not loaded (falco_file.ts), whether the table is complete (tests/rules/falco_file_test.ts).

export interface FalcoNames {
  /** a name a line */
  readonly rules: string;
  /** names between blanks */
  readonly macros: string;
  readonly lists: string;
}

/** In the order in which Falco's files are loaded. */
export const FALCO_NAMES: Readonly<Record<string, FalcoNames>> = {
  "falco_rules.yaml": {
    rules: `
      Directory traversal monitored file read
      Read sensitive file trusted after startup
      Read sensitive file untrusted
      Run shell untrusted
      System user interactive
      Terminal shell in container
      Contact K8S API Server From Container
      Netcat Remote Code Execution in Container
      Search Private Keys or Passwords
      Clear Log Activities
      Remove Bulk Data from Disk
      Create Symlink Over Sensitive Files
      Create Hardlink Over Sensitive Files
      Packet socket created in container
      Redirect STDOUT/STDIN to Network Connection in Container
      Linux Kernel Module Injection Detected
      Debugfs Launched in Privileged Container
      Detect release_agent File Container Escapes
      PTRACE attached to process
      PTRACE anti-debug attempt
      Find AWS Credentials
      Execution from /dev/shm
      Drop and execute new binary in container
      Disallowed SSH Connection Non Standard Port
      Fileless execution via memfd_create
    `,
    macros: `
      open_write open_read open_file_failed never_true proc_name_exists spawned_process create_symlink
      create_hardlink kernel_module_load dup etc_dir shell_procs server_procs run_by_package_mgmt_binaries
      sensitive_files proc_is_new container interactive system_users ansible_running_python run_by_qualys
      run_by_google_accounts_daemon run_by_chef run_by_foreman python_mesos_marathon_scripting
      splunk_running_forwarder perl_running_plesk perl_running_updmap perl_running_centrifydc
      runuser_reading_pam linux_bench_reading_etc_shadow veritas_driver_script user_ssh_directory
      directory_traversal cmp_cp_by_passwd user_known_read_sensitive_files_activities
      user_read_sensitive_file_conditions user_read_sensitive_file_containers mandb_postinst
      postgres_running_wal_e postgres_running_cnpg redis_running_prepost_scripts rabbitmq_running_scripts
      rabbitmqctl_running_scripts run_by_appdynamics parent_java_running_zookeeper parent_java_running_kafka
      parent_java_running_elasticsearch parent_java_running_activemq parent_java_running_cassandra
      parent_java_running_jboss_wildfly parent_java_running_glassfish parent_java_running_hadoop
      parent_java_running_datastax nginx_starting_nginx nginx_running_aws_s3_cp consul_running_net_scripts
      consul_running_alert_checks serf_script check_process_status possibly_node_in_container
      possibly_parent_java_running_tomcat protected_shell_spawner container_entrypoint
      user_known_system_user_login user_expected_terminal_shell_in_container_conditions
      user_shell_container_exclusions k8s_containers k8s_api_server user_known_contact_k8s_api_server_activities
      grep_commands grep_more private_key_or_password access_log_files allowed_clear_log_files
      trusted_logging_images containerd_activities clear_data_procs user_known_remove_data_activities
      user_known_stand_streams_redirect_activities known_ptrace_procs ptrace_attach_or_injection
      private_aws_credentials known_drop_and_execute_activities outbound ssh_non_standard_ports_network
      known_memfd_execution_processes
    `,
    lists: `
      shell_binaries login_binaries passwd_binaries shadowutils_binaries http_server_binaries db_server_binaries
      postgres_mgmt_binaries nosql_server_binaries gitlab_binaries rpm_binaries deb_binaries
      python_package_managers package_mgmt_binaries userexec_binaries user_mgmt_binaries hids_binaries
      vpn_binaries nomachine_binaries mail_binaries mail_config_binaries sensitive_file_names
      sensitive_directory_names cron_binaries needrestart_binaries sshkit_script_binaries
      read_sensitive_file_binaries read_sensitive_file_images protected_shell_spawning_binaries
      mesos_shell_binaries trusted_images sematext_images falco_containers falco_no_driver_containers
      falco_privileged_images known_shell_spawn_cmdlines user_known_shell_spawn_binaries ibm_cloud_containers
      grep_binaries log_directories log_files data_remove_commands user_known_packet_socket_binaries
      allowed_container_images_loading_kernel_module docker_binaries known_ptrace_binaries
      known_drop_and_execute_containers rfc_1918_addresses ssh_non_standard_ports known_memfd_execution_binaries
    `,
  },
  "falco-incubating_rules.yaml": {
    rules: `
      Modify Shell Configuration File
      Schedule Cron Jobs
      Read ssh information
      DB program spawned process
      Change thread namespace
      Change namespace privileges via unshare
      Launch Privileged Container
      Launch Excessively Capable Container
      System procs network activity
      Program run with disallowed http proxy env
      Unexpected UDP Traffic
      Non sudo setuid
      User mgmt binaries
      Create files below dev
      Contact EC2 Instance Metadata Service From Container
      Contact cloud metadata service from container
      Launch Package Management Process in Container
      Launch Suspicious Network Tool in Container
      Launch Suspicious Network Tool on Host
      Delete or rename shell history
      Set Setuid or Setgid bit
      Launch Remote File Copy Tools in Container
      Network Connection outside Local Subnet
      Mount Launched in Privileged Container
      Launch Ingress Remote File Copy Tools in Container
      Read environment variable from /proc files
      Exfiltrating Artifacts via Kubernetes Control Plane
      Adding ssh keys to authorized_keys
      Potential Local Privilege Escalation via Environment Variables Misuse
      Backdoored library loaded into SSHD (CVE-2024-3094)
      BPF Program Not Profiled
    `,
    macros: `
      open_directory rename remove modify chmod package_mgmt_procs package_mgmt_ancestor_procs system_procs
      inbound_outbound user_known_shell_config_modifiers user_known_cron_jobs container_started
      run_by_sumologic_securefiles run_by_yum run_by_ms_oms java_running_sdjagent kubelet_running_loopback
      rancher_agent rancher_network_manager exe_running_docker_save user_known_read_ssh_information_activities
      calico_node user_known_db_spawned_processes user_known_change_thread_namespace_activities weaveworks_scope
      allowed_openshift_registry_root openshift_image redhat_image allowed_aws_ecr_registry_root_for_eks
      aws_eks_core_images user_trusted_containers falco_privileged_containers user_privileged_containers
      excessively_capable_container login_doing_dns_lookup
      user_expected_system_procs_network_activity_conditions allowed_ssh_proxy_env http_proxy_procs
      expected_udp_traffic somebody_becoming_themselves nrpe_becoming_nagios known_user_in_container
      user_known_non_sudo_setuid_conditions user_known_user_management_activities chage_list
      user_known_create_files_below_dev_activities ec2_metadata_containers user_known_metadata_access
      network_tool_procs user_known_package_manager_in_container pkg_mgmt_in_kube_proxy
      user_known_network_tool_activities modify_shell_history truncate_shell_history var_lib_docker_filepath
      user_known_set_setuid_or_setgid_bit_conditions remote_file_copy_procs
      user_known_remote_file_copy_activities network_local_subnet mount_info
      known_gke_mount_in_privileged_containers known_aks_mount_in_privileged_containers
      known_eks_mount_in_privileged_containers user_known_mount_in_privileged_containers
      ingress_remote_file_copy_procs user_known_ingress_remote_file_copy_activities curl_download
      system_level_side_effect_artifacts_kubectl_cp glibc_tunables_env bpf_profiled_procs
    `,
    lists: `
      ssh_binaries coreutils_binaries sysdigcloud_binaries k8s_binaries lxd_binaries known_setuid_binaries
      dev_creation_binaries bash_config_filenames bash_config_files csh_config_filenames csh_config_files
      zsh_config_filenames shell_config_filenames shell_config_files shell_config_directories
      user_known_change_thread_namespace_binaries network_plugin_binaries redhat_io_images_privileged
      known_system_procs_network_activity_binaries http_proxy_binaries openvpn_udp_ports l2tp_udp_ports
      statsd_ports ntp_ports test_connect_ports expected_udp_ports allowed_dev_files network_tool_binaries
      user_known_chmod_applications remote_file_copy_binaries namespace_scope_network_only_subnet
      ingress_remote_file_copy_binaries known_binaries_to_read_environment_variables_from_proc_files
      bpf_profiled_binaries
    `,
  },
  "falco-sandbox_rules.yaml": {
    rules: `
      Unexpected inbound connection source
      Read Shell Configuration File
      Update Package Repository
      Write below binary dir
      Write below monitored dir
      Write below etc
      Write below root
      Write below rpm database
      Modify binary dirs
      Mkdir binary dirs
      Launch Sensitive Mount Container
      Launch Disallowed Container
      Interpreted procs inbound network activity
      Interpreted procs outbound network activity
      Unexpected K8s NodePort Connection
      Create Hidden Files or Directories
      Detect outbound connections to common miner pool ports
      Detect crypto miners using the Stratum protocol
      Kubernetes Client Tool Launched in Container
      Container Drift Detected (chmod)
      Container Drift Detected (open+create)
      Container Run as Root User
      Sudo Potential Privilege Escalation
      Unprivileged Delegation of Page Faults Handling to a Userspace Process
      Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)
      Java Process Class File Download
      Modify Container Entrypoint
      Decoding Payload in Container
      Basic Interactive Reconnaissance
      Netcat/Socat Remote Code Execution on Host
      Network Tool Executed During NPM Package Install
      Known Cryptominer Process Executed
      Web Server Spawned Shell
      Web Server Spawned Suspicious Child Process
      Reverse Shell from Web Server
      Privileged Container Device Access
      Container Access to Host Sensitive Paths
    `,
    macros: `
      mkdir bin_dir bin_dir_mkdir bin_dir_rename root_dir interpreted_procs rpm_procs coreos_write_ssh_dir
      inbound httpd_writing_ssl_conf userhelper_writing_etc_security python_running_chef
      python_running_denyhosts run_by_adclient run_by_centrify parent_supervise_running_multilog
      supervise_writing_status pki_realm_writing_realms htpasswd_writing_passwd lvprogs_writing_conf
      ovsdb_writing_openvswitch parent_ucf_writing_conf consul_template_writing_conf countly_writing_nginx_conf
      ms_oms_writing_conf ms_scx_writing_conf azure_scripts_writing_conf azure_networkwatcher_writing_conf
      couchdb_writing_conf update_texmf_writing_conf slapadd_writing_conf openldap_writing_conf
      ucpagent_writing_conf iscsi_writing_conf istio_writing_conf symantec_writing_conf liveupdate_writing_conf
      sosreport_writing_files pkgmgmt_progs_writing_pki update_ca_trust_writing_pki brandbot_writing_os_release
      selinux_writing_conf veritas_progs veritas_writing_config nginx_writing_conf nginx_writing_certs
      chef_client_writing_conf centrify_writing_krb sssd_writing_krb cockpit_writing_conf ipsec_writing_conf
      sed_temporary_file python_running_get_pip python_running_ms_oms gugent_writing_guestagent_log
      dse_writing_tmp zap_writing_state airflow_writing_state rpm_writing_root_rpmdb maven_writing_groovy
      chef_writing_conf kubectl_writing_state java_running_cassandra cassandra_writing_state
      galley_writing_state calico_writing_state calico_writing_envvars access_repositories modify_repositories
      user_known_update_package_registry user_known_write_below_binary_dir_activities
      google_accounts_daemon_writing_ssh cloud_init_writing_ssh mkinitramfs_writing_boot monitored_dir
      user_known_write_monitored_dir_conditions fluentd_writing_conf_files qualys_writing_conf_files
      git_writing_nssdb plesk_writing_keys plesk_install_writing_apache_conf plesk_running_mktemp
      networkmanager_writing_resolv_conf add_shell_writing_shells_tmp duply_writing_exclude_files
      xmlcatalog_writing_files datadog_writing_conf rancher_writing_conf rancher_writing_root
      checkpoint_writing_state jboss_in_container_writing_passwd curl_writing_pki_db haproxy_writing_conf
      java_writing_conf rabbitmq_writing_conf rook_writing_conf httpd_writing_conf_logs mysql_writing_conf
      redis_writing_conf openvpn_writing_conf php_handlers_writing_conf sed_writing_temp_file
      cron_start_writing_pam_env dpkg_scripting ufw_writing_conf calico_writing_conf
      prometheus_conf_writing_conf openshift_writing_conf keepalived_writing_conf etcd_manager_updating_dns
      automount_using_mtab mcafee_writing_cma_d avinetworks_supervisor_writing_ssh etckeeper_activities
      etckeeper multipath_writing_conf user_known_write_etc_conditions user_known_write_below_etc_activities
      write_etc_common known_root_conditions user_known_write_root_conditions
      user_known_write_below_root_activities runc_writing_exec_fifo runc_writing_var_lib_docker
      mysqlsh_writing_state amazon_linux_running_python_yum user_known_write_rpm_database_activities
      user_known_modify_bin_dir_activities user_known_mkdir_bin_dir_activities aws_eks_image_sensitive_mount
      falco_sensitive_mount_containers user_sensitive_mount_containers sensitive_mount allowed_containers
      nodeport_containers user_known_create_hidden_file_activities minerpool_https minerpool_http
      minerpool_other net_miner_pool trusted_images_query_miner_domain_dns user_known_k8s_client_container
      user_known_k8s_client_container_parens user_known_container_drift_activities
      user_known_run_as_root_container java_network_read docker_procs base64_decoding recon_binaries_procs
      npm_package_install_ancestor user_known_network_tool_in_npm_install_activities is_miner_process
      spawned_by_web_server user_known_web_server_shell_activities user_known_web_server_child_activities
      user_known_privileged_device_access user_known_host_path_access known_container_runtime_host_access
    `,
    lists: `
      shell_mgmt_binaries interpreted_binaries openscap_rpm_binaries ssl_mgmt_binaries dhcp_binaries
      allowed_inbound_source_ipaddrs allowed_inbound_source_networks allowed_inbound_source_domains
      plesk_binaries ms_oms_binaries veritas_binaries known_istio_files repository_files repository_directories
      monitored_directories safe_etc_dirs known_root_files known_root_directories falco_sensitive_mount_images
      exclude_hidden_directories miner_ports miner_domains https_miner_domains http_miner_domains
      k8s_client_binaries user_known_k8s_ns_kube_system_images user_known_k8s_images run_as_root_image_list
      user_known_userfaultfd_processes known_decode_payload_containers recon_binaries node_package_managers
      miner_binaries web_server_binaries suspicious_web_children
    `,
  },
  "k8s_audit_rules.yaml": {
    rules: `
      Disallowed K8s User
      Create Disallowed Pod
      Create Privileged Pod
      Create Sensitive Mount Pod
      Create HostNetwork Pod
      Create HostPid Pod
      Create HostIPC Pod
      Create NodePort Service
      Create/Modify Configmap With Private Credentials
      Anonymous Request Allowed
      Attach/Exec Pod
      port-forward
      EphemeralContainers Created
      Create Disallowed Namespace
      Pod Created in Kube Namespace
      Service Account Created in Kube Namespace
      System ClusterRole Modified/Deleted
      Attach to cluster-admin Role
      ClusterRole With Wildcard Created
      ClusterRole With Write Privileges Created
      ClusterRole With Pod Exec Created
      K8s Deployment Created
      K8s Deployment Deleted
      K8s Service Created
      K8s Service Deleted
      K8s ConfigMap Created
      K8s ConfigMap Deleted
      K8s Namespace Created
      K8s Namespace Deleted
      K8s Serviceaccount Created
      K8s Serviceaccount Deleted
      K8s Role Created
      K8s Role Deleted
      K8s ClusterRole Created
      K8s ClusterRole Deleted
      K8s RoleBinding Created
      K8s RoleBinding Deleted
      K8s ClusterRoleBinding Created
      K8s ClusterRoleBinding Deleted
      K8s Secret Created
      K8s Secret Deleted
      K8s Secret Get Successfully
      K8s Secret Get Unsuccessfully Tried
      All K8s Audit Events
      Full K8s Administrative Access
      Ingress Object without TLS Certificate Created
      Untrusted Node Successfully Joined the Cluster
      Untrusted Node Unsuccessfully Tried to Join the Cluster
    `,
    macros: `
      k8s_audit_always_true k8s_audit_never_true non_system_user kevt kevt_started allowed_k8s_containers
      response_successful kget kcreate kmodify kdelete pod pod_subresource deployment service configmap
      namespace serviceaccount clusterrole clusterrolebinding role rolebinding secret health_endpoint
      live_endpoint ready_endpoint any_container_privileged sensitive_vol_mount user_known_node_port_service
      contains_private_credentials user_known_exec_pod_activities user_known_portforward_activities
      user_known_pod_debug_activities allowed_kube_namespace_pods trusted_sa writable_verbs
      consider_activity_events kactivity consider_all_events kall allowed_full_admin_users ingress ingress_tls
      node allow_all_k8s_nodes
    `,
    lists: `
      k8s_audit_stages vertical_pod_autoscaler_users allowed_k8s_users eks_allowed_k8s_users
      k8s_audit_sensitive_mount_images k8s_audit_privileged_images k8s_audit_hostnetwork_images
      k8s_audit_hostpid_images k8s_audit_hostipc_images allowed_namespaces user_trusted_image_list
      user_allowed_kube_namespace_image_list k8s_image_list allowed_kube_namespace_image_list user_known_sa_list
      known_sa_list full_admin_k8s_users allowed_k8s_nodes
    `,
  },
};
